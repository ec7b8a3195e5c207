package io.agentledger.command.flow.repository;

/**
 * Branch at its server.
 *
 * @param commit id of its newest commit, hex
 */
public record PublishedBranch(String branch, String commit) {}
