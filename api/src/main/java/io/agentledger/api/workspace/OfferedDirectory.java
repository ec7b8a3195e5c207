package io.agentledger.api.workspace;

/**
 * A folder of the host that the operator has given a name.
 *
 * @param writable whether agents may write in it
 */
public record OfferedDirectory(String name, boolean writable) {}
