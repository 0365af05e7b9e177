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

    static boolean areOrdered(Object left, Object right) {
        return left instanceof Number && right instanceof Number || left instanceof String && right instanceof String;
    }

    /** Compares two numbers or two strings. */
    static int compare(Object left, Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return compareNumbers(a, b);
        }
        return left.toString().compareTo(right.toString());
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
            return searched instanceof String part && text.contains(part);
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

    /** Returns whether {@code text} is like {@code pattern}, in which {@code *} is any text and {@code \*} a star. */
    static boolean matches(String text, String pattern) {
        int t = 0;
        int p = 0;
        int star = -1;
        int retry = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = t;
                continue;
            }
            boolean escaped = p + 1 < pattern.length() && pattern.charAt(p) == '\\' && pattern.charAt(p + 1) == '*';
            int literal = escaped ? p + 1 : p;
            if (literal < pattern.length() && pattern.charAt(literal) == text.charAt(t)) {
                p = literal + 1;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
