package dev.rollcall.client.call;

import dev.rollcall.client.TimeResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;

/** Asks what time it is at the service. Needs no key and no right. */
public final class TimeCall extends Call<TimeResult> {
    private final Requests requests;

    TimeCall(Caller caller, Requests requests) {
        super(caller);
        this.requests = requests;
    }

    @Override
    ApiRequest<TimeResult> request() {
        return requests.time();
    }
}
