package dev.rollcall.server.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import org.jspecify.annotations.Nullable;

/** How values are compared. Values of different kinds are neither equal nor ordered. */
final class Values {
    private Values() {}

    /** Returns the value of a JSON tree: scalars as Java objects, objects and arrays as they are, null for null. */
    static @Nullable Object of(@Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return null;
        }
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            return node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node.doubleValue();
        }
        return node;
    }

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return false;
        }
        if (left instanceof Number a && right instanceof Number b) {
            return compareNumbers(a, b) == 0;
        }
        // Publishers write flags as booleans and as strings alike.
        if (left instanceof Boolean && right instanceof String || left instanceof String && right instanceof Boolean) {
            return left.toString().equals(right.toString());
        }
        return left.equals(right);
    }

    /**
     * Compares two numbers or two strings; a string that reads as a number is one where the other side is a number. Returns null where
     * there is no order.
     */
    static @Nullable Integer compare(Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            return a.compareTo(b);
        }
        Number first = number(left, right);
        Number second = number(right, left);
        return first == null || second == null ? null : compareNumbers(first, second);
    }

    private static @Nullable Number number(Object value, Object other) {
        if (value instanceof Number number) {
            return number;
        }
        return value instanceof String text && other instanceof Number ? NumberText.parse(text) : null;
    }

    private static int compareNumbers(Number left, Number right) {
        if (left instanceof Long && right instanceof Long) {
            return Long.compare(left.longValue(), right.longValue());
        }
        return Double.compare(left.doubleValue(), right.doubleValue());
    }

    /** Returns whether a string has {@code searched} in it, or an array has it as a member. */
    static boolean contains(Object container, Object searched) {
        if (container instanceof String text) {
            return searched instanceof String part && new Needle(part, false).endIn(text, 0, text.length()) >= 0;
        }
        if (container instanceof ArrayNode array) {
            for (JsonNode member : array) {
                if (equal(of(member), searched)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns whether a string is like a pattern, or a member of an array is. */
    static boolean isLike(@Nullable Object value, Pattern pattern) {
        if (value instanceof String text) {
            return pattern.matches(text);
        }
        if (value instanceof ArrayNode array) {
            for (JsonNode member : array) {
                if (member.isTextual() && pattern.matches(member.textValue())) {
                    return true;
                }
            }
        }
        return false;
    }
}
