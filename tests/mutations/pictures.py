"""What a picture looks like, who may use it, and what nobody sees in a text."""

from tests.mutations.mutation import Mutation

COLOURS = "tests/publishing/test_colours.py::"
WHOSE = "tests/publishing/test_whose_image.py::"
COUNTING = "tests/publishing/test_counting.py::"
EDIT = "tests/pages/test_edit.py::"

MUTATIONS = [
    Mutation(
        "publishing/colours.py",
        "to_srgb(colours, profiles.of(picture))",
        "to_srgb(colours, None)",
        f"{COLOURS}test_a_screenshot_in_display_p3_keeps_its_colours",
    ),
    Mutation(
        "publishing/colours.py",
        "        and not picture.has_transparency_data\n",
        "",
        f"{COLOURS}test_a_transparent_colour_is_white_in_every_kind_of_png",
    ),
    Mutation(
        "publishing/colours.py",
        "    if picture.mode not in DEEP:\n",
        "    if True:\n",
        f"{COLOURS}test_sixteen_bits_become_eight_of_the_same_lightness",
    ),
    Mutation(
        "publishing/images.py",
        "if not unpacking.is_light(data):",
        "if False:",
        "tests/publishing/test_images.py::test_the_largest_picture_leaves_the_web_as_small_as_it_was",
    ),
    Mutation(
        "publishing/unpacking.py",
        ", subsampling=sampling(original)",
        "",
        f"{COLOURS}test_a_copy_keeps_the_sampling_and_the_tables",
    ),
    Mutation(
        "publishing/lossless.py",
        "if code[0] not in NEEDED and code[0] not in TOLD:",
        "if False:",
        "tests/publishing/test_images.py::test_the_stored_copy_is_a_baseline_jpeg",
    ),
    Mutation(
        "approval/models.py",
        "if Image.objects.usable_by(person).filter(pk__in=names).count() < len(names):",
        "if False:",
        f"{WHOSE}test_the_draft_itself_asks_again",
    ),
    Mutation(
        "sophia/api/drafts.py",
        "Image.objects.usable_by(self.token.person, self.token)",
        "Image.objects.usable_by(self.token.person)",
        f"{WHOSE}test_the_api_takes_what_its_token_brought_and_nothing_of_another_client",
    ),
    Mutation(
        "approval/shelves.py",
        "if not file.is_relative_to(root):",
        "if False:",
        f"{WHOSE}test_a_shelf_gives_nothing_from_outside_its_folder",
    ),
    Mutation(
        "publishing/models/image.py",
        "if held is None or not type(self).objects.left(now).filter(pk=self.pk).exists():",
        "if held is None:",
        f"{WHOSE}test_what_is_wanted_at_the_last_moment_stays",
    ),
    Mutation(
        "publishing/models/image.py",
        "            if not media.is_shared():\n                self",
        "            if True:\n                self",
        f"{WHOSE}test_a_file_that_another_desk_may_need_stays",
    ),
    Mutation(
        "approval/forms.py",
        'if cleaned.get("missing") or self.lost:',
        "if self.lost:",
        f"{EDIT}test_nothing_is_submitted_while_images_are_missing",
    ),
    Mutation(
        "publishing/limits.py",
        "if is_blank(message) and",
        "if not message and",
        f"{COUNTING}test_what_was_kept_before_is_judged_by_what_is_seen_too",
    ),
    Mutation(
        "publishing/platforms/base.py",
        "addresses.holds(self.text, self.link)",
        "self.link in self.text",
        f"{COUNTING}test_a_link_is_left_out_for_no_other_address_that_begins_alike",
    ),
]
