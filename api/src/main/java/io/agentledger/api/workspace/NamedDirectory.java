package io.agentledger.api.workspace;

/**
 * A directory of the host that the operator has given a name.
 *
 * @param writable whether agents may write in it
 */
public record NamedDirectory(String name, boolean writable) {}
