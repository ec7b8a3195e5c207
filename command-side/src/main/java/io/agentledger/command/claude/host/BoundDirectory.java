package io.agentledger.command.claude.host;

import java.nio.file.Path;

/**
 * A folder of the host that a session works in, in place, as it was looked at a moment ago. Nothing
 * of it is the service's: it is never given away, replaced or removed.
 *
 * @param source no link is in it
 * @param identity its device and inode: what the box shows must be this very folder
 * @param uid whose it is
 * @param gid of its group; never root's
 */
public record BoundDirectory(Path source, String identity, int uid, int gid) {}
