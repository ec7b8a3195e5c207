package io.agentledger.command.claude.run;

import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.Permissions;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionAsked;
import io.agentledger.command.claude.record.RunRecorder;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Has a call of the run that is under way decided, with all that is known about it. */
final class CallJudge implements PermissionDesk.Judge {
  private final Post post;
  private final Permissions permissions;
  private final ShellRules shell;
  private final RunWriter writer;
  private final Supplier<Attempt.Progress> progress;

  /**
   * @param progress of the run that is under way
   */
  CallJudge(Post post, Equipment with, RunWriter writer, Supplier<Attempt.Progress> progress) {
    this.post = post;
    this.permissions = with.permissions();
    this.shell = new ShellRules(with.paths(), post.paths());
    this.writer = writer;
    this.progress = progress;
  }

  Permissions.Whose whose() {
    return new Permissions.Whose(
        writer.provenance().tenant(),
        post.record().opening().agent().id(),
        post.record().session());
  }

  /** The run's, by the name that clients know. */
  String mode() {
    return progress.get().options.permissionMode().wireName();
  }

  @Override
  public Permissions.Ruling ruling(PermissionAsked call, Optional<Permissions.Ruling> hooks) {
    String digest = RunRecorder.digest(call.input());
    Permissions.Ruling ruling =
        permissions.decide(
            whose(),
            new Permissions.ToolUse(
                call.toolName(),
                call.input(),
                progress.get().options,
                post.paths(),
                post.paths().view().shellPrefix().isPresent(),
                progress.get().planApproved,
                new Permissions.Voices(
                    post.record().remembered().of(call.toolName(), digest), hooks)));
    return ruling.is(Verdict.DENIED)
        ? ruling
        : shell.fault(whose(), call.toolName()).map(Permissions.Ruling::denied).orElse(ruling);
  }

  @Override
  public Optional<String> prepare(PermissionAsked call) throws IOException {
    return shell.enact(whose(), call.toolName());
  }
}
