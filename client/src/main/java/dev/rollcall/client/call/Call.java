package dev.rollcall.client.call;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.Callback;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Failures;
import dev.rollcall.client.run.CallFuture;
import dev.rollcall.client.transport.Cancellable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A call that is being put together, and the three ways to make it: {@link #sync}, {@link #future} and {@link #async}. Each of them
 * sends it once; a call may be sent again. Not thread-safe.
 *
 * <p>All three throw {@link IllegalStateException} at once if something is missing that the call cannot do without, or the client is closed.
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
                ListChannelGroupsCall,
                GrantTokenCall,
                RevokeTokenCall {
    private final Caller caller;

    Call(Caller caller) {
        this.caller = caller;
    }

    /** Returns what to send; throws IllegalStateException if something is missing. */
    abstract ApiRequest<R> request();

    /** Returns what the call names, for texts; nothing that is secret. */
    String shown() {
        return "";
    }

    Caller caller() {
        return caller;
    }

    /** Sends the request; a call that must keep an order with others overrides it. */
    CompletableFuture<Envelope<R>> send(ApiRequest<R> request) {
        return caller.send(request);
    }

    private ApiRequest<R> checked() {
        ApiRequest<R> request = request();
        caller.requireOpen(request.operation());
        return request;
    }

    /**
     * Makes the call and waits for its end. Do not use it on a thread that must not block.
     *
     * @return the result
     * @throws RollcallException if it failed, or the thread was interrupted; the thread is then still marked as interrupted and the
     *     request is dropped
     */
    public final R sync() {
        ApiRequest<R> request = checked();
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
     *     run on a thread of {@link dev.rollcall.client.transport.Transport#callbacks} and may block. Waiting for the future is allowed
     *     anywhere, also in a listener. Cancelling the future drops the request
     */
    public final CompletableFuture<Envelope<R>> future() {
        return CallFuture.on(caller.callbacks(), send(checked()));
    }

    /**
     * Makes the call.
     *
     * @param callback told how it ended, exactly once
     * @return drops the request; the callback is then told so
     */
    public final Cancellable async(Callback<? super R> callback) {
        requireNonNull(callback, "callback");
        ApiRequest<R> request = checked();
        CompletableFuture<Envelope<R>> sent = send(request);
        sent.whenComplete((envelope, failure) -> caller.callbacks().execute(() -> {
            if (failure != null) {
                callback.done(null, Failures.ofExchange(request, failure).status());
            } else {
                callback.done(envelope.result(), envelope.status());
            }
        }));
        return () -> sent.cancel(true);
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + '[' + shown() + ']';
    }
}
