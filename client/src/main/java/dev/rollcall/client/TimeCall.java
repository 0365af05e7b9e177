package dev.rollcall.client;

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
