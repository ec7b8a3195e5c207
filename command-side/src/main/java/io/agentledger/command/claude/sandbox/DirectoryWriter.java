package io.agentledger.command.claude.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/** Fills a new, empty directory. */
public interface DirectoryWriter {
  void writeTo(Path folder) throws IOException;
}
