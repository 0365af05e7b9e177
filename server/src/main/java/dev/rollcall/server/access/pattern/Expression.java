package dev.rollcall.server.access.pattern;

import java.util.List;

/** A regular expression, taken apart. */
sealed interface Expression {
    /** How often a repeat without an end may repeat. */
    int UNBOUNDED = -1;

    /** One character of a set. */
    record One(CodePoints of) implements Expression {}

    /** Nothing, at the beginning of the name. */
    record Begin() implements Expression {}

    /** Nothing, at the end of the name. */
    record End() implements Expression {}

    /** One after the other; nothing at all if there are none. */
    record Sequence(List<Expression> parts) implements Expression {}

    /** Any one of these. */
    record Choice(List<Expression> parts) implements Expression {}

    /** {@code least} to {@code most} times, {@link #UNBOUNDED} for no end. */
    record Repeat(Expression of, int least, int most) implements Expression {}
}
