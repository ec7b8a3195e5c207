package io.agentledger.store;

/**
 * The nodes of an installation. An embedded database belongs to one node, whose home it is in, so
 * nothing that the node remembers is changed by another one.
 */
public record Topology(boolean singleNode) {}
