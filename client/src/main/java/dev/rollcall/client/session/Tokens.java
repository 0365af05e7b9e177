package dev.rollcall.client.session;

import dev.rollcall.client.Category;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.Operation;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.TokenSupplier;
import dev.rollcall.client.access.AccessToken;
import dev.rollcall.client.run.UserCode;
import dev.rollcall.client.transport.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the access token of a client fresh, if there is a supplier: asks it at the start, before the token expires, and when the service
 * refuses it. NOT thread-safe: runs on the session's serial executor.
 */
final class Tokens {
    /** How long before the end of a token the next one is asked for, at most; of short-lived ones a fifth of their life. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    private static final Duration ANSWER_TIME = Duration.ofSeconds(30);

    private final ClientConfig config;
    private final Connection connection;
    private final Consumer<RollcallException> failed;
    private final Runnable changed;
    private final @Nullable TokenSupplier supplier;
    private int failures;
    private boolean asking;
    private boolean stopped;
    private long turn;
    private Cancellable timer = () -> {};

    Tokens(ClientConfig config, Connection connection, Consumer<RollcallException> failed, Runnable changed) {
        this.config = config;
        this.connection = connection;
        this.failed = failed;
        this.changed = changed;
        this.supplier = config.tokenSupplier().orElse(null);
    }

    /** Asks for the first token if there is none, and else watches over it. */
    void start() {
        if (supplier != null) {
            if (connection.caller().token() == null) {
                ask();
            } else {
                watch();
            }
        }
    }

    /** Returns whether nothing should be sent yet, since the first token is not there. */
    boolean isAwaited() {
        return supplier != null && connection.caller().token() == null && !stopped;
    }

    /** Returns whether another token may come by itself. */
    boolean renews() {
        return supplier != null && !stopped;
    }

    /** The user brought a token. */
    void set(@Nullable String token) {
        connection.caller().token(token);
        failures = 0;
        watch();
    }

    /** The service refused the token. */
    void refused() {
        if (supplier != null && !asking) {
            ask(connection.backoff().after(failures++));
        }
    }

    void stop() {
        stopped = true;
        turn++;
        timer.cancel();
    }

    private void watch() {
        String token = connection.caller().token();
        if (supplier == null || token == null) {
            return;
        }
        AccessToken parsed;
        try {
            parsed = AccessToken.parse(token);
        } catch (IllegalArgumentException e) {
            return; // an auth key, or a token of another kind: it says nothing of its end
        }
        Instant now = config.clock().instant();
        Duration life = parsed.ttl();
        Duration ahead = life.dividedBy(5).compareTo(AHEAD) < 0 ? life.dividedBy(5) : AHEAD;
        Duration left = Duration.between(now, parsed.expires().minus(ahead));
        ask(left.isNegative() ? connection.backoff().after(failures++) : left);
    }

    private void ask(Duration delay) {
        timer.cancel();
        long awaited = ++turn;
        timer = connection.later(delay, () -> {
            if (turn == awaited) {
                ask();
            }
        });
    }

    private void ask() {
        if (asking || stopped || supplier == null) {
            return;
        }
        asking = true;
        long awaited = ++turn;
        TokenSupplier from = supplier;
        // A supplier that never answers must not be the last one asked.
        timer.cancel();
        timer = connection.later(ANSWER_TIME, () -> {
            if (turn == awaited) {
                got(null, new IllegalStateException("no token within " + ANSWER_TIME));
            }
        });
        connection.caller().callbacks().execute(() -> {
            try {
                CompletionStage<String> stage = from.token();
                if (stage == null) {
                    answer(awaited, null, new IllegalStateException("the supplier returned null"));
                } else {
                    stage.whenComplete((token, failure) -> answer(awaited, token, failure));
                }
            } catch (Throwable t) {
                UserCode.report(t);
                answer(awaited, null, t);
            }
        });
    }

    private void answer(long awaited, @Nullable String token, @Nullable Throwable failure) {
        connection.serial().execute(() -> {
            if (turn == awaited) {
                got(token, failure);
            }
        });
    }

    private void got(@Nullable String token, @Nullable Throwable failure) {
        asking = false;
        if (stopped) {
            return;
        }
        if (token != null && failure == null) {
            connection.caller().token(token);
            failures = 0;
            watch();
            changed.run();
            return;
        }
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure != null ? failure : new IllegalStateException("the supplier gave null");
        UserCode.failed("tokenSupplier", cause);
        ask(connection.backoff().after(failures++));
        failed.accept(RollcallException.builder(Category.UNKNOWN, Operation.TOKEN)
                .cause(cause)
                .retryable(true)
                .build());
    }
}
