package dev.rollcall.server.filter;

import dev.rollcall.server.filter.Token.Kind;
import org.jspecify.annotations.Nullable;

/** The operators that compare. None holds for a value that is not there. */
enum Comparison {
    EQUAL("==") {
        @Override
        boolean holdsFor(Object left, Object right) {
            return Values.equal(left, right);
        }
    },
    NOT_EQUAL("!=") {
        @Override
        boolean holdsFor(Object left, Object right) {
            return !Values.equal(left, right);
        }
    },
    LESS("<") {
        @Override
        boolean holdsFor(Object left, Object right) {
            @Nullable Integer order = Values.compare(left, right);
            return order != null && order < 0;
        }
    },
    LESS_OR_EQUAL("<=") {
        @Override
        boolean holdsFor(Object left, Object right) {
            @Nullable Integer order = Values.compare(left, right);
            return order != null && order <= 0;
        }
    },
    GREATER(">") {
        @Override
        boolean holdsFor(Object left, Object right) {
            @Nullable Integer order = Values.compare(left, right);
            return order != null && order > 0;
        }
    },
    GREATER_OR_EQUAL(">=") {
        @Override
        boolean holdsFor(Object left, Object right) {
            @Nullable Integer order = Values.compare(left, right);
            return order != null && order >= 0;
        }
    },
    LIKE("like") {
        @Override
        boolean holdsFor(Object left, Object right) {
            return right instanceof String pattern && Values.isLike(left, Pattern.of(pattern));
        }
    },
    CONTAINS("contains") {
        @Override
        boolean holdsFor(Object left, Object right) {
            return Values.contains(left, right);
        }
    };

    private static final Comparison[] ALL = values();

    private final String spelling;

    Comparison(String spelling) {
        this.spelling = spelling;
    }

    abstract boolean holdsFor(Object left, Object right);

    boolean holds(@Nullable Object left, @Nullable Object right) {
        return left != null && right != null && holdsFor(left, right);
    }

    /** Returns the operator that {@code token} is, or null. */
    static @Nullable Comparison of(Token token) {
        if (token.kind() == Kind.SYMBOL || token.kind() == Kind.NAME) {
            for (Comparison comparison : ALL) {
                if (comparison.spelling.equalsIgnoreCase(token.text())) {
                    return comparison;
                }
            }
        }
        return null;
    }
}
