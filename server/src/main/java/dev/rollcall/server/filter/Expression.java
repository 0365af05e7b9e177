package dev.rollcall.server.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a filter. Its value is a {@link String}, {@link Long}, {@link Double} or {@link Boolean}, a JSON object or array as a tree,
 * or null for everything that is not there or cannot be computed.
 */
sealed interface Expression {
    /** Returns the value for one message. */
    @Nullable
    Object value(MessageFields fields);

    /** Returns whether the value is true; anything but a boolean is not. */
    default boolean isTrue(MessageFields fields) {
        return Boolean.TRUE.equals(value(fields));
    }

    /** Where a field is looked for. */
    enum Root {
        /** The payload. */
        DATA,
        /** What was published beside the payload for filters to look at; the {@code pn_…} fields of a presence event. */
        META,
        /** What meta says is the user id, or else the publisher's. */
        PUBLISHER
    }

    /** A value that stands in the expression. */
    record Literal(@Nullable Object constant) implements Expression {
        @Override
        public @Nullable Object value(MessageFields fields) {
            return constant;
        }
    }

    /** A field of the message; steps are keys ({@link String}) and indexes ({@link Integer}). */
    record Field(Root root, List<Object> steps) implements Expression {
        @Override
        public @Nullable Object value(MessageFields fields) {
            return fields.value(root, steps);
        }
    }

    /**
     * Values in parentheses. {@code ('en') contains language} asks a list of one, {@code ('en') == language} compares a string: a list of
     * one stands for its member everywhere but before {@code contains}.
     */
    record Listed(List<Expression> members) implements Expression {
        @Override
        public @Nullable Object value(MessageFields fields) {
            return members.size() == 1 ? members.get(0).value(fields) : null;
        }

        boolean contains(@Nullable Object searched, MessageFields fields) {
            for (Expression member : members) {
                if (Values.equal(member.value(fields), searched)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Both. */
    record And(Expression left, Expression right) implements Expression {
        @Override
        public Object value(MessageFields fields) {
            return left.isTrue(fields) && right.isTrue(fields);
        }
    }

    /** Either. */
    record Or(Expression left, Expression right) implements Expression {
        @Override
        public Object value(MessageFields fields) {
            return left.isTrue(fields) || right.isTrue(fields);
        }
    }

    /** The contrary. */
    record Not(Expression operand) implements Expression {
        @Override
        public Object value(MessageFields fields) {
            return !operand.isTrue(fields);
        }
    }

    /** Two values, compared. */
    record Compared(Comparison operator, Expression left, Expression right) implements Expression {
        @Override
        public Object value(MessageFields fields) {
            if (operator == Comparison.CONTAINS && left instanceof Listed list) {
                return list.contains(right.value(fields), fields);
            }
            if (left instanceof Literal || right instanceof Literal) {
                Boolean known = comparedWithNull(fields);
                if (known != null) {
                    return known;
                }
            }
            return operator.holds(left.value(fields), right.value(fields));
        }

        /** Returns what {@code x == null} and {@code x != null} mean: whether x is there. */
        private @Nullable Boolean comparedWithNull(MessageFields fields) {
            Expression other;
            if (right instanceof Literal literal && literal.constant() == null) {
                other = left;
            } else if (left instanceof Literal literal && literal.constant() == null) {
                other = right;
            } else {
                return null;
            }
            return switch (operator) {
                case EQUAL -> other.value(fields) == null;
                case NOT_EQUAL -> other.value(fields) != null;
                default -> false;
            };
        }
    }

    /** A value, compared with a pattern that stands in the expression and so is taken apart once. */
    record Like(Expression left, Pattern pattern) implements Expression {
        @Override
        public Object value(MessageFields fields) {
            return Values.isLike(left.value(fields), pattern);
        }
    }

    /** Two numbers, computed with. */
    record Computed(Arithmetic operator, Expression left, Expression right) implements Expression {
        @Override
        public @Nullable Object value(MessageFields fields) {
            return operator.apply(left.value(fields), right.value(fields));
        }
    }
}
