"""Values as files hold them, and as they do not, for tests of what reads many at once."""

from __future__ import annotations

from hypothesis import strategies as st

NUMBERS = st.one_of(
    st.integers(-(10**19), 10**19).map(str),
    st.integers(-999, 999).map(str),
    st.integers(100, 10**10).map("+{}".format),
    st.decimals(places=3, min_value=-5000, max_value=5000).map(str),
    st.from_regex(r"[+-]?[0-9]{0,9}\.?[0-9]{0,9}(e[0-9]{1,2})?", fullmatch=True),
)
MOMENTS = st.one_of(
    st.dates().map(str),
    st.datetimes().map(str),
    st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
    st.tuples(st.datetimes(), st.sampled_from(["+00", "+00:00", " UTC", " +0000", " GMT", "Z", "+01"])).map(
        lambda drawn: f"{drawn[0]}{drawn[1]}"
    ),
    st.datetimes().map(lambda moment: moment.strftime("%d-%b-2024")),
    st.datetimes().map(lambda moment: moment.strftime("%b %-d, 2024")),
    st.datetimes().map(lambda moment: moment.strftime("%-d %B 2024 %I:%M:%S %p")),
    st.datetimes().map(lambda moment: moment.strftime("%-m/%-d/2024 %-I:%M %p")),
    st.datetimes().map(lambda moment: moment.strftime("%-I:%M %p")),
    st.from_regex(r"(19|20)[0-9]{2}-[0-3][0-9]-[0-3][0-9]( [0-2][0-9]:[0-6][0-9](:[0-6][0-9])?)?", fullmatch=True),
)
UNREAD = st.one_of(
    st.from_regex(r"[ (\u2212+-]?[$€]?[0-9]{1,3}([.,][0-9]{2,3})?[ )%€-]?(E[+-]?[0-9])?", fullmatch=True),
    st.from_regex(r"[0-3][0-9][./-][01][0-9][./-][0-9]{2}|2[0-4]:[05]0:[06]0", fullmatch=True),
    st.from_regex(r"[+-]?([iI]nf(inity)?|\u0663{1,3}|\uff11:\uff12\uff13)", fullmatch=True),
    st.from_regex(r"(2024-01-02[T ]|1/2/2024 )?1?[0-2](:[0-5][0-9]){0,2} ?[AaPp][Mm]", fullmatch=True),
    st.from_regex(r"2024-01-02[T ]1[0-2]:30(:[0-5]0)?([.,]123)? ?(UTC|GMT|Z|[+-]0[0-9](:?00)?)?", fullmatch=True),
    st.from_regex(r"\+[1-9]([0-9]{2}|( [0-9]{3}){1,3}|[0-9]{5,7})", fullmatch=True),
)
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.sampled_from(
        ["NA", "null", "true", "No", "-", "Straße", "日本語", "a,b", 'say "so"', "x" * 130, "ü" * 99 + "e"]
    ),
    st.text("aeTZ0-:\n,\"'", max_size=9),
    st.text('a1 \u00a0\u00ad\u200b\ufeff"', max_size=5),
)
