/** The Java client of Rollcall, and of every service that speaks the same protocol. */
module dev.rollcall.client {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.rollcall.protocol;
    requires java.net.http;

    exports dev.rollcall.client;
    exports dev.rollcall.client.access;
    exports dev.rollcall.client.admin;
    exports dev.rollcall.client.call;
    exports dev.rollcall.client.retry;
    exports dev.rollcall.client.roster;
    exports dev.rollcall.client.testing;
    exports dev.rollcall.client.transport;
}
