package dev.rollcall.server.access.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were found right, by their text. Bounded by the characters of what it holds; what is used often stays, and a flood of tokens
 * that are shown once passes by. No request waits for another one here. Safe from any thread.
 */
final class TokenCache {
    /** The most characters of tokens that are kept; with what is made of them about twenty times that in bytes, a thirtieth of the heap at most. */
    private static final long MAX_CHARACTERS =
            Math.min(4 * 1024 * 1024, Runtime.getRuntime().maxMemory() / 600);

    private final Cache<String, VerifiedToken> byText;

    TokenCache() {
        this(MAX_CHARACTERS);
    }

    TokenCache(long maxCharacters) {
        byText = Caffeine.newBuilder()
                .maximumWeight(maxCharacters)
                .weigher((String text, VerifiedToken token) -> text.length())
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    VerifiedToken get(String text) {
        return byText.getIfPresent(text);
    }

    void put(String text, VerifiedToken token) {
        byText.put(text, token);
    }

    /** Returns the number of tokens kept. */
    long size() {
        byText.cleanUp();
        return byText.estimatedSize();
    }
}
