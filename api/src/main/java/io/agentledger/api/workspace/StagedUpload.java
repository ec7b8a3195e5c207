package io.agentledger.api.workspace;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something that was sent for a workspace, and lies beside it until it is used.
 *
 * @param stagedFile where its bytes are
 * @param path where the file belongs; null for an archive, which is unpacked
 */
public record StagedUpload(Path stagedFile, @Nullable FilePath path) {}
