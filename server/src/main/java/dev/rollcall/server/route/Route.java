package dev.rollcall.server.route;

/** Serves one kind of call. Safe from any thread. */
@FunctionalInterface
interface Route {
    /**
     * Takes a request and sees to it that it is answered once, now or later. What it throws is answered as an error: an {@link
     * dev.rollcall.protocol.InvalidValueException} says that a name or parameter is wrong.
     */
    void serve(Call call);
}
