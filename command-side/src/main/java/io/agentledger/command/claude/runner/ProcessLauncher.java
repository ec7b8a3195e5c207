package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.environment.EnvironmentVariableNames;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.ForkPoint;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxPaths;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Creates the launches of CLI processes, and the digests by which two launches are compared. */
final class ProcessLauncher {
  private final SessionPathsResolver sessionPathsResolver;
  private final Sandbox sandbox;
  private final VariablePassthrough variablePassthrough;
  private final Duration orphanTimeout;

  ProcessLauncher(
      SessionPathsResolver sessionPathsResolver,
      VariablePassthrough variablePassthrough,
      Duration orphanTimeout) {
    this.sessionPathsResolver = sessionPathsResolver;
    this.sandbox = sessionPathsResolver.sandbox();
    this.variablePassthrough = variablePassthrough;
    this.orphanTimeout = orphanTimeout;
  }

  /** Returns the conversation of a session that is not open yet. */
  LaunchSpec.Conversation newConversation(SessionId session) {
    return new LaunchSpec.Conversation(LaunchSpecFactory.conversationId(session), false);
  }

  /** Returns whether the CLI has a transcript of the session's conversation. */
  boolean hasConversation(SessionId session, SessionPaths files) {
    return files.hasTranscript(
        LaunchSpecFactory.conversationId(session), sandbox.sandboxPaths(files).workspace());
  }

  /**
   * Returns the conversation to start or resume; for a forked session the fork, until it has its
   * own transcript.
   */
  private LaunchSpec.Conversation conversation(SessionState state, SessionPaths files) {
    Optional<String> branch =
        ForkPoint.of(state)
            .map(forkPoint -> LaunchSpecFactory.conversationId(forkPoint.session()))
            .filter(id -> files.hasTranscript(id, sandbox.sandboxPaths(files).workspace()));
    return new LaunchSpec.Conversation(
        LaunchSpecFactory.conversationId(state.session()),
        hasConversation(state.session(), files),
        branch);
  }

  /** Creates the launch of a process of a session. */
  ClaudeProcess.Launch create(
      SessionState state, SessionPaths files, Path directory, LaunchPlan launchPlan)
      throws IOException {
    return create(
        state.opened().environment(), conversation(state, files), files, directory, launchPlan);
  }

  /** Creates the launch of a process, and writes the files that its sandbox reads. */
  ClaudeProcess.Launch create(
      EnvironmentSnapshot environment,
      LaunchSpec.Conversation conversation,
      SessionPaths files,
      Path directory,
      LaunchPlan launchPlan)
      throws IOException {
    SandboxPaths sandboxPaths = sandbox.sandboxPaths(files, launchPlan.mounts().directories());
    LaunchSpec spec = launchPlan.spec();
    List<String> command =
        sandbox
            .withEnvironmentLimits(environment.limits())
            .command(
                files,
                launchPlan.mounts(),
                directory.getFileName().toString(),
                spec.commandLine(sandboxPaths, conversation));
    if (files.boundDirectory().isPresent()) {
      command = withSharedUmask(command);
    }
    Map<String, String> variables = variablePassthrough.readValues(environment.variables());
    variables.putAll(spec.options().variables()); // The session's own variables take precedence.
    variables.keySet().removeIf(name -> !EnvironmentVariableNames.isAllowed(name));
    if (sandboxPaths.shellPrefix().isPresent()) {
      files.writeVariables(variables);
    }
    return new ClaudeProcess.Launch(
        directory,
        sessionPathsResolver.runDirectory().supervisorScript(),
        files.workspace(),
        command,
        spec.environment(sandboxPaths, variables),
        orphanTimeout);
  }

  /**
   * Sets a umask so that other users of a bound directory can read the files that the agent
   * creates.
   */
  private static List<String> withSharedUmask(List<String> command) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", "umask 022; exec \"$@\"", "sh"));
    line.addAll(command);
    return line;
  }

  /**
   * Returns a digest of everything that the process is started with: command line, environment,
   * sandbox with its mounts and closed paths, variables of commands, first request and
   * configuration files. Must be called right after {@link #create}, which writes some of it.
   */
  String digest(ClaudeProcess.Launch launch, SessionPaths files, LaunchSpec completeSpec)
      throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String text =
          String.join("\0", launch.command())
              + "\0\0"
              + new TreeMap<>(launch.environment())
              + "\0\0"
              + launch.workingDirectory()
              + "\0\0"
              + completeSpec.hash();
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      var variables = files.sockets().resolve(SessionPaths.VARIABLES);
      for (Path file : List.of(files.base().resolve("box"), variables)) {
        if (Files.exists(file)) {
          digest.update(Files.readAllBytes(file));
        }
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
