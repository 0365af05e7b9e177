package dev.rollcall.server.access;

import dev.rollcall.server.access.pattern.Effort;
import dev.rollcall.server.access.pattern.NamePattern;
import dev.rollcall.server.access.pattern.NamePatterns;
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
    private final String text;
    private final String id;
    private final AccessKeyset keyset;
    private final Rule[] channelPatterns;
    private final Rule[] groupPatterns;

    private record Rule(NamePattern pattern, int mask) {}

    /**
     * Makes a token ready.
     *
     * @param text how it is spelled
     * @param id names it among all tokens, and does not let anybody make it
     * @param keyset what its signature was checked with
     * @param known where its patterns are looked up
     */
    VerifiedToken(Token token, String text, String id, AccessKeyset keyset, NamePatterns known) {
        this.token = token;
        this.text = text;
        this.id = id;
        this.keyset = keyset;
        Permissions patterns = token.patterns();
        channelPatterns = rules(known, patterns.channels(), patterns.spaces());
        groupPatterns = rules(known, patterns.groups(), Map.of());
    }

    private static Rule[] rules(NamePatterns known, Map<String, Integer> masks, Map<String, Integer> more) {
        List<Rule> rules = new ArrayList<>();
        masks.forEach((text, mask) -> addRule(known, rules, text, mask));
        more.forEach((text, mask) -> {
            if (!mask.equals(masks.get(text))) {
                addRule(known, rules, text, mask);
            }
        });
        return rules.toArray(new Rule[0]);
    }

    private static void addRule(NamePatterns known, List<Rule> rules, String text, int mask) {
        NamePattern pattern = known.of(text);
        // What another version took for a pattern, and this one cannot read, grants nothing.
        if (pattern != null) {
            rules.add(new Rule(pattern, mask));
        }
    }

    Token token() {
        return token;
    }

    /** Returns how the token is spelled: by whoever showed it first, so that those who wait with it share one text. */
    String text() {
        return text;
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

    boolean allowsChannel(String name, Right right, Effort effort) {
        Permissions resources = token.resources();
        return has(resources.channels().get(name), right)
                || has(resources.spaces().get(name), right)
                || covers(name, right, effort);
    }

    boolean allowsGroup(String name, Right right, Effort effort) {
        return has(token.resources().groups().get(name), right) || matches(name, right, effort);
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

    private boolean covers(String channel, Right right, Effort effort) {
        for (Rule rule : channelPatterns) {
            if ((rule.mask & right.bit()) != 0 && rule.pattern.covers(channel, effort)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(String group, Right right, Effort effort) {
        for (Rule rule : groupPatterns) {
            if ((rule.mask & right.bit()) != 0 && rule.pattern.matches(group, effort)) {
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
