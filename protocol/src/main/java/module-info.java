/** The words of Rollcall's wire: channels, user ids, timetokens, presence events, error codes and limits. */
module dev.rollcall.protocol {
    requires static transitive org.jspecify;

    exports dev.rollcall.protocol;
}
