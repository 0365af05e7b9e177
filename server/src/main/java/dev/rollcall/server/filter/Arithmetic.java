package dev.rollcall.server.filter;

import org.jspecify.annotations.Nullable;

/** The operators that reckon. Whole numbers stay whole as long as they fit; anything but two numbers makes nothing. */
enum Arithmetic {
    ADD {
        @Override
        Object whole(long left, long right) {
            return Math.addExact(left, right);
        }

        @Override
        double real(double left, double right) {
            return left + right;
        }
    },
    SUBTRACT {
        @Override
        Object whole(long left, long right) {
            return Math.subtractExact(left, right);
        }

        @Override
        double real(double left, double right) {
            return left - right;
        }
    },
    MULTIPLY {
        @Override
        Object whole(long left, long right) {
            return Math.multiplyExact(left, right);
        }

        @Override
        double real(double left, double right) {
            return left * right;
        }
    },
    DIVIDE {
        @Override
        Object whole(long left, long right) {
            if (right == 0 || left % right != 0 || left == Long.MIN_VALUE && right == -1) {
                return real((double) left, (double) right);
            }
            return left / right;
        }

        @Override
        double real(double left, double right) {
            return left / right;
        }
    },
    REMAINDER {
        @Override
        Object whole(long left, long right) {
            return right == 0 ? (Object) Double.NaN : (Object) (left % right);
        }

        @Override
        double real(double left, double right) {
            return left % right;
        }
    };

    /** Reckons with whole numbers; throws {@link ArithmeticException} where the result does not fit. */
    abstract Object whole(long left, long right);

    abstract double real(double left, double right);

    @Nullable
    Object apply(@Nullable Object left, @Nullable Object right) {
        if (!(left instanceof Number a) || !(right instanceof Number b)) {
            return null;
        }
        Object result;
        if (left instanceof Long && right instanceof Long) {
            try {
                result = whole(a.longValue(), b.longValue());
            } catch (ArithmeticException e) {
                result = real(a.doubleValue(), b.doubleValue());
            }
        } else {
            result = real(a.doubleValue(), b.doubleValue());
        }
        // Division by zero and what comes of it is not a number anybody wants to compare with.
        return result instanceof Double real && !Double.isFinite(real) ? null : result;
    }
}
