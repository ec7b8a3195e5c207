package io.agentledger.api.workspace;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An uploaded file that is stored beside the workspace until it is used.
 *
 * @param stagedFile path of the uploaded bytes
 * @param path target path of the file; null for an archive, which is unpacked
 */
public record StagedUpload(Path stagedFile, @Nullable FilePath path) {}
