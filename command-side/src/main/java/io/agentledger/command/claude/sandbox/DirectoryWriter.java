package io.agentledger.command.claude.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/** How a new, empty folder is filled. */
public interface DirectoryWriter {
  void writeTo(Path folder) throws IOException;
}
