package io.agentledger.api.channel;

/**
 * Result of a connection test.
 *
 * @param account name of the account at the platform; empty if the test failed
 * @param detail reason of a failure; otherwise empty
 */
public record ChannelTestView(boolean successful, String account, String detail) {}
