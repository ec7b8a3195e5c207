package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Commands about agents as folders in the layout of Claude Code. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class AgentFolderCommands {
  /** Files and folders of an agent; others of a project are not sent. */
  private static final List<String> PARTS = List.of("CLAUDE.md", "agent.json", ".claude");

  private static final long BYTES_MAX = 4 * 1024 * 1024;

  private AgentFolderCommands() {}

  /** {@code agentledger agents export}: writes an agent into a folder. */
  @Command(
      name = "export",
      description = "Writes an agent into a new folder, in the layout of Claude Code.")
  static final class ExportAgent extends AgentCommands.AgentCommand {
    @Parameters(index = "1", paramLabel = "FOLDER", description = "Folder that is created.")
    private Path folder;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var target = environment().workingDirectory().resolve(folder).normalize();
      if (Files.exists(target))
        throw new ParameterException(spec.commandLine(), folder + " exists; name a new folder.");
      var agent = findAgent(service);
      try (var zip = new ZipInputStream(service.agents().exportFolder(agent.id()))) {
        for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry())
          write(zip, target, entry.getName());
      } catch (IOException exception) {
        throw new ParameterException(
            spec.commandLine(), folder + " cannot be written: " + exception.getMessage());
      }
      output.printLine(agent.id() + " version " + agent.version() + " is in " + folder);
      return ExitCode.OK;
    }

    private static void write(ZipInputStream zip, Path target, String name) throws IOException {
      var file = target.resolve(name).normalize();
      if (!file.startsWith(target)) throw new IOException("a file leads out of the folder");
      Files.createDirectories(file.getParent());
      Files.write(file, zip.readAllBytes());
    }
  }

  /** {@code agentledger agents import}: creates an agent from a folder. */
  @Command(
      name = "import",
      description =
          "Creates an agent from CLAUDE.md, agent.json and .claude of a folder, or a version of"
              + " the agent with its name.")
  static final class ImportAgent extends ServiceCommand {
    @Parameters(paramLabel = "FOLDER", description = "Folder in the layout of Claude Code.")
    private Path folder;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      AgentCommands.print(service.agents().importFolder(readFolder()), output);
      return ExitCode.OK;
    }

    private byte[] readFolder() {
      var root = environment().workingDirectory().resolve(folder).normalize();
      var bytes = new ByteArrayOutputStream();
      try (var zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
        long size = 0;
        for (var file : files(root)) {
          size += Files.size(file);
          if (size > BYTES_MAX) throw new IOException("its files have more than 4 MiB");
          zip.putNextEntry(new ZipEntry(root.relativize(file).toString()));
          Files.copy(file, zip);
        }
        if (size == 0) throw new IOException("it has no agent.json");
      } catch (IOException exception) {
        throw new ParameterException(
            spec.commandLine(), folder + " cannot be read: " + exception.getMessage());
      }
      return bytes.toByteArray();
    }

    /** Returns the files of the agent; a link is refused, because it may lead out of the folder. */
    private static List<Path> files(Path root) throws IOException {
      var parts = PARTS.stream().map(root::resolve).filter(ImportAgent::exists).toList();
      var files = Stream.<Path>builder();
      for (var part : parts)
        try (var walk = Files.walk(part)) {
          for (var file : (Iterable<Path>) walk::iterator) {
            if (Files.isSymbolicLink(file))
              throw new IOException(
                  root.relativize(file) + " is a symbolic link; replace it by what it leads to");
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) files.add(file);
          }
        }
      return files.build().sorted().toList();
    }

    private static boolean exists(Path file) {
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
