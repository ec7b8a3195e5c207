package io.agentledger.command.claude.policy;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionTools;
import io.agentledger.command.claude.protocol.ClaudeParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The policy of a session that has no other: deny beats ask beats allow; what the query says, then
 * its mode, then the house's defaults (work in the workspace, and shell commands where they are
 * boxed); what is left is asked.
 */
public final class DefaultPermissions implements Permissions {
  private static final List<String> READERS = List.of("Read", "Glob", "Grep");
  private static final List<String> WRITERS = List.of("Edit", "Write", "NotebookEdit");
  private static final List<String> BOOKKEEPING =
      List.of(
          "Agent",
          "Skill",
          "StructuredOutput",
          "TaskCreate",
          "TaskGet",
          "TaskList",
          "TaskOutput",
          "TaskStop",
          "TaskUpdate");

  /** The path that a file tool's input names, if any; without one it is the workspace. */
  static Optional<String> pathOf(JsonNode input) {
    for (String field : List.of("file_path", "notebook_path", "path")) {
      Optional<String> path = ClaudeParser.optional(input, field);
      if (path.isPresent()) {
        return path;
      }
    }
    return Optional.of(".");
  }

  @Override
  public Ruling decide(ToolUse use) {
    for (String rule : use.options().disallowedTools()) {
      if (ToolRule.parse(rule).denies(use)) {
        return Ruling.denied("disallowed by " + rule);
      }
    }
    boolean files = READERS.contains(use.tool()) || WRITERS.contains(use.tool());
    Optional<Path> real =
        files ? pathOf(use.input()).flatMap(use.paths()::resolve) : Optional.empty();
    if (files && real.filter(path -> !use.paths().isForbidden(path)).isEmpty()) {
      return Ruling.denied("processes, devices and the CLI's own files are closed");
    }
    if (use.tool().equals("AskUserQuestion")) {
      return Ruling.asked("a question is for a person");
    }
    return inMode(use, real);
  }

  private static Ruling inMode(ToolUse use, Optional<Path> real) {
    PermissionMode mode = use.options().permissionMode();
    if (mode == PermissionMode.PLAN && !use.planApproved()) {
      return planning(use, real);
    }
    if (mode == PermissionMode.BYPASS_PERMISSIONS) {
      return Ruling.allowed("mode bypassPermissions");
    }
    for (String rule : use.options().allowedTools()) {
      if (ToolRule.parse(rule).allows(use)) {
        return Ruling.allowed("allowed by " + rule);
      }
    }
    return byDefault(use, real);
  }

  /** Looks and plans; the plan itself is for a person. */
  private static Ruling planning(ToolUse use, Optional<Path> real) {
    if (use.tool().equals("ExitPlanMode")) {
      return Ruling.asked("a plan is for a person");
    }
    boolean looks = READERS.contains(use.tool()) && real.filter(use.paths()::isOwn).isPresent();
    return looks || BOOKKEEPING.contains(use.tool())
        ? Ruling.allowed("mode plan: looking is allowed")
        : Ruling.denied("mode plan: nothing is changed before the plan is approved");
  }

  private static Ruling byDefault(ToolUse use, Optional<Path> real) {
    if (real.isPresent()) {
      boolean own =
          WRITERS.contains(use.tool())
              ? use.paths().isInWorkspace(real.get())
              : use.paths().isOwn(real.get());
      return own
          ? Ruling.allowed("default: files of the workspace")
          : Ruling.asked("default: a file outside of the workspace");
    }
    if (use.tool().equals("Bash")) {
      return use.boxed()
          ? Ruling.allowed("default: shell commands in the sandbox")
          : Ruling.asked("default: a shell command without a sandbox");
    }
    if (use.tool().startsWith("mcp__" + SessionTools.CLIENT + "__")) {
      return Ruling.allowed("default: the client carries it out itself, or does not");
    }
    return BOOKKEEPING.contains(use.tool())
        ? Ruling.allowed("default: the agent's own bookkeeping")
        : Ruling.asked("default: everything else is asked");
  }
}
