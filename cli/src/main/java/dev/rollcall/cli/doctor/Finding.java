package dev.rollcall.cli.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param check what was looked at, in a word
 * @param verdict how it is
 * @param detail what was seen
 * @param fix what to do, where something is wrong
 */
record Finding(
        String check,
        Verdict verdict,
        String detail,
        @Nullable String fix) {
    enum Verdict {
        /** As it should be. */
        GOOD("✓"),
        /** Wrong. */
        BAD("✗"),
        /** Neither. */
        INFO("·");

        final String sign;

        Verdict(String sign) {
            this.sign = sign;
        }
    }

    static Finding good(String check, String detail) {
        return new Finding(check, Verdict.GOOD, detail, null);
    }

    static Finding bad(String check, String detail, String fix) {
        return new Finding(check, Verdict.BAD, detail, fix);
    }

    static Finding info(String check, String detail) {
        return new Finding(check, Verdict.INFO, detail, null);
    }

    boolean isBad() {
        return verdict == Verdict.BAD;
    }
}
