package dev.rollcall.client.call;

import dev.rollcall.client.WhereNowResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.protocol.UserId;

/** Asks in which channels a user is present: oneself, unless another is named. */
public final class WhereNowCall extends Call<WhereNowResult> {
    private final Requests requests;
    private UserId uuid;

    WhereNowCall(Caller caller, Requests requests, UserId self) {
        super(caller);
        this.requests = requests;
        this.uuid = self;
    }

    /** Sets whom to ask about, the client's own user id if not set. */
    public WhereNowCall uuid(String userId) {
        this.uuid = new UserId(userId);
        return this;
    }

    @Override
    ApiRequest<WhereNowResult> request() {
        return requests.whereNow(uuid.value());
    }
}
