package io.agentledger.api.session;

/**
 * A directory of the host in which a session's agent works in place.
 *
 * @param path canonical path on the host
 * @param inode inode of the directory when it was bound; a directory that replaced it is not used
 */
public record BoundFolder(String path, long inode) {}
