package io.agentledger.api.session;

/**
 * A folder of the host that a session's agent works in, in place.
 *
 * @param path on the host, with no link in it
 * @param inode which folder it was there: another one in its place is not worked in
 */
public record BoundFolder(String path, long inode) {}
