package io.agentledger.command.flow.provider;

/**
 * Pull request at a provider.
 *
 * @param url page for people
 */
public record PullRequest(long number, String url) {}
