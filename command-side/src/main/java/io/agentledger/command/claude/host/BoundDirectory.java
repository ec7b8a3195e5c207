package io.agentledger.command.claude.host;

import java.nio.file.Path;

/**
 * A host directory in which a session works in place, as it was just checked. It belongs to its
 * owner: the service never changes its ownership, replaces it or deletes it.
 *
 * @param source real path, without links
 * @param identity its device and inode, which the sandbox verifies
 * @param uid uid of its owner
 * @param gid gid of its group; never that of root
 */
public record BoundDirectory(Path source, String identity, int uid, int gid) {}
