package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.transport.Cancellable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A call that is being put together, and the three ways to make it: {@link #sync}, {@link #future} and {@link #async}. Each of them
 * sends it once; a call may be sent again. Not thread-safe.
 *
 * <p>All three throw {@link IllegalStateException} at once if something is missing that the call cannot do without.
 *
 * @param <R> the type of the result
 */
public abstract sealed class Call<R>
        permits HereNowCall,
                WhereNowCall,
                SetStateCall,
                GetStateCall,
                TimeCall,
                PublishCall,
                SignalCall,
                ChannelGroupEditCall,
                ChannelGroupCall,
                ListChannelGroupsCall {
    private final Caller caller;

    Call(Caller caller) {
        this.caller = caller;
    }

    /** Returns what to send; throws IllegalStateException if something is missing. */
    abstract ApiRequest<R> request();

    /** Called with the envelope of a call that succeeded, before anybody else sees it. */
    void succeeded(Envelope<R> envelope) {}

    Caller caller() {
        return caller;
    }

    private CompletableFuture<Envelope<R>> send(ApiRequest<R> request) {
        CompletableFuture<Envelope<R>> sent = caller.send(request);
        CompletableFuture<Envelope<R>> result = new CompletableFuture<>();
        sent.whenComplete((envelope, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                succeeded(envelope);
                result.complete(envelope);
            }
        });
        result.whenComplete((envelope, failure) -> {
            if (result.isCancelled()) {
                sent.cancel(true);
            }
        });
        return result;
    }

    /**
     * Makes the call and waits for its end. Do not use it on a thread that must not block.
     *
     * @return the result
     * @throws RollcallException if it failed, or the thread was interrupted; the thread is then still marked as interrupted and the
     *     request is dropped
     */
    public final R sync() {
        ApiRequest<R> request = request();
        CompletableFuture<Envelope<R>> sent = send(request);
        try {
            return sent.get().result();
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw Failures.ofExchange(request, new CancellationException("interrupted"));
        } catch (ExecutionException e) {
            throw Failures.ofExchange(request, requireNonNull(e.getCause())).atCaller();
        }
    }

    /**
     * Makes the call.
     *
     * @return the result with its status; completed exceptionally with a {@link RollcallException} if the call failed. Dependent stages
     *     run on a thread of {@link dev.rollcall.client.transport.Transport#callbacks} and may block. Cancelling the future drops the
     *     request
     */
    public final CompletableFuture<Envelope<R>> future() {
        return Relay.on(caller.callbacks(), send(request()));
    }

    /**
     * Makes the call.
     *
     * @param callback told how it ended, exactly once
     * @return drops the request; the callback is then told so
     */
    public final Cancellable async(Callback<? super R> callback) {
        requireNonNull(callback, "callback");
        ApiRequest<R> request = request();
        CompletableFuture<Envelope<R>> sent = send(request);
        sent.whenCompleteAsync(
                (envelope, failure) -> {
                    if (failure != null) {
                        callback.done(
                                null, Failures.ofExchange(request, failure).status());
                    } else {
                        callback.done(envelope.result(), envelope.status());
                    }
                },
                caller.callbacks());
        return () -> sent.cancel(true);
    }
}
