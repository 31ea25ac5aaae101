"""The form of a draft: nobody overwrites anybody, and no typed word is lost."""

from django import forms
from django.http import QueryDict

from publishing.models import Edition


class EditionForm(forms.ModelForm):
    """A draft's form. It carries the version it was read at, so nobody overwrites anybody."""

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.meanwhile: Edition | None = None
        if self.instance.pk:
            self.initial["read_version"] = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            self.refuse_if_saved_meanwhile()
        return cleaned

    def refuse_if_saved_meanwhile(self) -> None:
        """Shows both texts, and keeps what was typed; saving again is then a decision."""
        stored = type(self.instance)._base_manager.get(pk=self.instance.pk)
        if self.cleaned_data.get("read_version") == stored.version:
            return
        self.meanwhile = stored
        last = stored.edits.select_related("user").order_by("-at").first()
        who = (last.user.get_full_name() or last.user) if last else "Somebody"
        self.add_error(
            None,
            f"{who} saved this draft while you were writing. "
            "Nothing of yours is lost: your words are below, theirs beside them. "
            "Put together what belongs together, then save again.",
        )
        stored_fields = {field.name for field in stored._meta.concrete_fields}
        for name in self.fields.keys() & self.cleaned_data.keys() & stored_fields:
            theirs = stored._meta.get_field(name).value_from_object(stored)
            mine = self.cleaned_data[name]
            if theirs != getattr(mine, "pk", mine):
                self.add_error(name, f"They saved: “{theirs}”")
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("read_version")] = str(stored.version)
        self.data = data
