package dev.rollcall.server.access;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were found right, by their text; the least used ones give way. Bounded by the characters of what it holds, and split into
 * parts with a lock each, so that event loops do not wait for one another. Safe from any thread.
 */
final class TokenCache {
    /** The most characters of tokens that are kept; with what is made of them about twenty times that in bytes. */
    private static final int MAX_CHARACTERS = 4 * 1024 * 1024;

    private static final int PARTS = 16;

    private final Part[] parts = new Part[PARTS];

    TokenCache() {
        this(MAX_CHARACTERS);
    }

    TokenCache(int maxCharacters) {
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part(maxCharacters / PARTS);
        }
    }

    @Nullable
    VerifiedToken get(String text) {
        return part(text).get(text);
    }

    void put(String text, VerifiedToken token) {
        part(text).put(text, token);
    }

    /** Returns the number of tokens kept. */
    int size() {
        int size = 0;
        for (Part part : parts) {
            size += part.size();
        }
        return size;
    }

    private Part part(String text) {
        int hash = text.hashCode();
        return parts[(hash ^ hash >>> 16) & PARTS - 1];
    }

    /** One part of the cache. All methods hold its monitor. */
    private static final class Part {
        private final int maxCharacters;
        private final LinkedHashMap<String, VerifiedToken> byText = new LinkedHashMap<>(16, 0.75f, true);
        private int characters;

        Part(int maxCharacters) {
            this.maxCharacters = maxCharacters;
        }

        synchronized @Nullable VerifiedToken get(String text) {
            return byText.get(text);
        }

        synchronized void put(String text, VerifiedToken token) {
            if (byText.put(text, token) == null) {
                characters += text.length();
            }
            Iterator<String> eldest = byText.keySet().iterator();
            while (characters > maxCharacters && byText.size() > 1) {
                characters -= eldest.next().length();
                eldest.remove();
            }
        }

        synchronized int size() {
            return byText.size();
        }
    }
}
