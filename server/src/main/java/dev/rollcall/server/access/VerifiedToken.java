package dev.rollcall.server.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token whose signature was found right, made ready for questions: names in hash tables, patterns compiled. It may have expired or been
 * revoked since. Safe from any thread.
 */
final class VerifiedToken {
    private final Token token;
    private final String id;
    private final AccessKeyset keyset;
    private final Rule[] channelPatterns;
    private final Rule[] groupPatterns;

    private record Rule(NamePattern pattern, int mask) {}

    /**
     * Makes a token ready.
     *
     * @param id names it among all tokens, and does not let anybody make it
     * @param keyset what its signature was checked with
     */
    VerifiedToken(Token token, String id, AccessKeyset keyset) {
        this.token = token;
        this.id = id;
        this.keyset = keyset;
        Permissions patterns = token.patterns();
        channelPatterns = rules(patterns.channels(), patterns.spaces());
        groupPatterns = rules(patterns.groups(), Map.of());
    }

    private static Rule[] rules(Map<String, Integer> masks, Map<String, Integer> more) {
        List<Rule> rules = new ArrayList<>();
        masks.forEach((text, mask) -> addRule(rules, text, mask));
        more.forEach((text, mask) -> {
            if (!mask.equals(masks.get(text))) {
                addRule(rules, text, mask);
            }
        });
        return rules.toArray(new Rule[0]);
    }

    private static void addRule(List<Rule> rules, String text, int mask) {
        NamePattern pattern;
        try {
            pattern = NamePattern.of(text);
        } catch (IllegalArgumentException e) {
            // Granted by another version, which took it for a pattern. What cannot be read grants nothing.
            return;
        }
        rules.add(new Rule(pattern, mask));
    }

    Token token() {
        return token;
    }

    String id() {
        return id;
    }

    AccessKeyset keyset() {
        return keyset;
    }

    boolean isExpired(long nowSeconds) {
        return nowSeconds >= token.expiresSeconds();
    }

    /** Returns whether {@code user} may use the token. */
    boolean isFor(@Nullable String user) {
        return token.user() == null || token.user().equals(user);
    }

    boolean allowsChannel(String name, Right right) {
        Permissions resources = token.resources();
        return has(resources.channels().get(name), right)
                || has(resources.spaces().get(name), right)
                || matches(channelPatterns, name, right);
    }

    boolean allowsGroup(String name, Right right) {
        return has(token.resources().groups().get(name), right) || matches(groupPatterns, name, right);
    }

    /** Returns whether a pattern gives the right on every channel there can be. */
    boolean allowsEveryChannel(Right right) {
        return allowsEverything(channelPatterns, right);
    }

    /** Returns whether a pattern gives the right on every channel group there can be. */
    boolean allowsEveryGroup(Right right) {
        return allowsEverything(groupPatterns, right);
    }

    private static boolean has(@Nullable Integer mask, Right right) {
        return mask != null && (mask & right.bit()) != 0;
    }

    private static boolean matches(Rule[] rules, String name, Right right) {
        for (Rule rule : rules) {
            if ((rule.mask & right.bit()) != 0 && rule.pattern.covers(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean allowsEverything(Rule[] rules, Right right) {
        for (Rule rule : rules) {
            if ((rule.mask & right.bit()) != 0 && rule.pattern.isEverything()) {
                return true;
            }
        }
        return false;
    }
}
