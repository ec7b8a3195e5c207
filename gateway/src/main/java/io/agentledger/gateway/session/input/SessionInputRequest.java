package io.agentledger.gateway.session.input;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.QueryEvent.Cause;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.prompt.AttachmentRequest;
import io.agentledger.gateway.session.prompt.ImageRequest;
import io.agentledger.gateway.session.workspace.DirectoryService;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One input of a client to a session, distinguished by its {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = Discriminated.PROPERTY)
@JsonSubTypes({
  @JsonSubTypes.Type(value = SessionInputRequest.Prompt.class, name = "prompt"),
  @JsonSubTypes.Type(value = SessionInputRequest.Command.class, name = "command"),
  @JsonSubTypes.Type(value = SessionInputRequest.Resume.class, name = "resume"),
  @JsonSubTypes.Type(value = SessionInputRequest.Interrupt.class, name = "interrupt"),
  @JsonSubTypes.Type(value = SessionInputRequest.Withdraw.class, name = "withdraw"),
  @JsonSubTypes.Type(
      value = SessionInputRequest.SetPermissionMode.class,
      name = "set_permission_mode"),
  @JsonSubTypes.Type(value = SessionInputRequest.SetModel.class, name = "set_model"),
  @JsonSubTypes.Type(value = SessionInputRequest.StopTask.class, name = "stop_task"),
  @JsonSubTypes.Type(value = SessionInputRequest.AddDirectories.class, name = "add_directories"),
  @JsonSubTypes.Type(
      value = SessionInputRequest.RemoveDirectories.class,
      name = "remove_directories"),
  @JsonSubTypes.Type(
      value = SessionInputRequest.SendToBackground.class,
      name = "send_to_background"),
  @JsonSubTypes.Type(value = SessionInputRequest.AskSideQuestion.class, name = "ask_side_question"),
  @JsonSubTypes.Type(value = SessionInputRequest.GenerateTitle.class, name = "generate_title"),
  @JsonSubTypes.Type(value = SessionInputRequest.Decide.class, name = "decide"),
  @JsonSubTypes.Type(value = SessionInputRequest.Answer.class, name = "answer"),
  @JsonSubTypes.Type(value = SessionInputRequest.AnswerTool.class, name = "answer_tool"),
  @JsonSubTypes.Type(
      value = SessionInputRequest.AnswerElicitation.class,
      name = "answer_elicitation"),
})
public sealed interface SessionInputRequest {
  String MUST_BE_GIVEN = "is required";
  String MENTIONS = "must be at most 20 mentions";
  String MENTION = "must be a path of 1 to 4096 characters";
  int CONTENT_LENGTH_MAX = 65_536;

  Input toInput();

  /** Creates the input of a new query. */
  static Input.Prompt prompt(
      String text,
      List<Attachment> attachments,
      @Nullable List<String> mentions,
      @Nullable RunOptionsRequest options) {
    return query(text, attachments, mentions, options, null);
  }

  private static Input.Prompt query(
      String text,
      List<Attachment> attachments,
      @Nullable List<String> mentions,
      @Nullable RunOptionsRequest options,
      @Nullable SlashCommand command) {
    return new Input.Prompt(
        QueryId.next(),
        RunId.next(),
        Cause.USER,
        text,
        options == null ? RunOverrides.NONE : options.toOverrides(),
        attachments,
        mentions == null ? List.of() : mentions,
        command);
  }

  /** See {@link Input.Prompt}. */
  record Prompt(
      @NotBlank(message = "must not be blank")
          @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
          String prompt,
      @Nullable @Size(max = Attachment.COUNT_MAX, message = "must be at most 20 attachments")
          List<@NotNull(message = "must be an attachment") @Valid AttachmentRequest> attachments,
      @Nullable @Size(max = Input.MENTIONS_MAX, message = MENTIONS)
          List<
                  @NotBlank(message = MENTION)
                  @Size(max = Input.MENTION_LENGTH_MAX, message = MENTION) @SafeText String>
              mentions,
      @Nullable @Size(max = Attachment.COUNT_MAX, message = "must be at most 20 images")
          List<@NotNull(message = "must be an image") @Valid ImageRequest> images,
      @Nullable @Valid RunOptionsRequest options)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return SessionInputRequest.prompt(
          prompt, AttachmentRequest.toAttachments(attachments, images), mentions, options);
    }
  }

  /** A query that is a slash command; see {@link SlashCommand}. */
  record Command(
      @NotNull(message = MUST_BE_GIVEN)
          @Pattern(
              regexp = SlashCommand.NAME,
              message = "must be a command's name, without a slash")
          String name,
      @Nullable
          @Size(
              max = SlashCommand.ARGUMENTS_LENGTH_MAX,
              message = "must be at most 10000 characters")
          String arguments,
      @Nullable @Size(max = Attachment.COUNT_MAX, message = "must be at most 20 attachments")
          List<@NotNull(message = "must be an attachment") @Valid AttachmentRequest> attachments,
      @Nullable @Size(max = Input.MENTIONS_MAX, message = MENTIONS)
          List<
                  @NotBlank(message = MENTION)
                  @Size(max = Input.MENTION_LENGTH_MAX, message = MENTION) @SafeText String>
              mentions,
      @Nullable @Valid RunOptionsRequest options)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      var command = new SlashCommand(name, arguments == null ? "" : arguments.strip());
      return query(
          command.text(),
          AttachmentRequest.toAttachments(attachments, null),
          mentions,
          options,
          command);
    }
  }

  /** See {@link Input.Resume}. */
  record Resume() implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.Resume();
    }
  }

  /** See {@link Input.Interrupt}. */
  record Interrupt() implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.Interrupt();
    }
  }

  /** See {@link Input.Withdraw}. */
  record Withdraw(@NotNull(message = MUST_BE_GIVEN) QueryId queryId)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.Withdraw(queryId);
    }
  }

  /** See {@link Input.SetPermissionMode}. */
  record SetPermissionMode(@NotNull(message = MUST_BE_GIVEN) PermissionMode permissionMode)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.SetPermissionMode(permissionMode);
    }
  }

  /** See {@link Input.SetModel}. */
  record SetModel(
      @NotBlank(message = "must not be blank")
          @Size(max = 500, message = "must be 1 to 500 characters")
          @SafeText
          String model)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.SetModel(model);
    }
  }

  /** See {@link Input.StopTask}. */
  record StopTask(
      @NotNull(message = MUST_BE_GIVEN)
          @Pattern(regexp = "[A-Za-z0-9_-]{1,64}", message = "must be the id of a task")
          String taskId)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.StopTask(taskId);
    }
  }

  /** See {@link Input.AddDirectories}; {@link DirectoryService} resolves the directories. */
  record AddDirectories(
      @NotNull(message = MUST_BE_GIVEN)
          @Size(min = 1, max = SessionDirectory.COUNT_MAX, message = "must be 1 to 16 directories")
          List<
                  @NotBlank(message = SessionOptionsRequest.DIRECTORY)
                  @Size(max = 4096, message = SessionOptionsRequest.DIRECTORY) @SafeText String>
              directories)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      throw new IllegalStateException("directories must be resolved first");
    }
  }

  /** See {@link Input.RemoveDirectories}. */
  record RemoveDirectories(
      @NotNull(message = MUST_BE_GIVEN)
          @Size(min = 1, max = SessionDirectory.COUNT_MAX, message = "must be 1 to 16 directories")
          List<
                  @NotNull(message = MUST_BE_GIVEN)
                  @Pattern(
                      regexp = SessionDirectory.NAME,
                      message = "must be the name of a directory")
                  String>
              directories)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.RemoveDirectories(directories);
    }
  }

  /** See {@link Input.SendToBackground}; without an id all running calls. */
  record SendToBackground(@Nullable ToolCallId toolCallId) implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.SendToBackground(toolCallId);
    }
  }

  /** See {@link Input.SubmitSideRequest}; the answer arrives on the stream. */
  record AskSideQuestion(
      @NotBlank(message = "must not be blank")
          @Size(
              max = Input.SubmitSideRequest.QUESTION_LENGTH_MAX,
              message = "must be 1 to 10000 characters")
          String question)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.SubmitSideRequest(
          SideRequestId.next(), SideRequestEvent.RequestType.QUESTION, question);
    }
  }

  /** See {@link Input.SubmitSideRequest}; can also directly follow the first prompt. */
  record GenerateTitle(
      @Nullable
          @Size(
              max = Input.SubmitSideRequest.QUESTION_LENGTH_MAX,
              message = "must be at most 10000 characters")
          String description)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      var text = description == null ? "" : description;
      return new Input.SubmitSideRequest(
          SideRequestId.next(), SideRequestEvent.RequestType.TITLE, text);
    }
  }

  /** See {@link Input.Decide}. */
  record Decide(
      @NotNull(message = MUST_BE_GIVEN) ActionId actionId,
      @NotNull(message = MUST_BE_GIVEN) Decision decision,
      @Nullable
          @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 hexadecimal digits in lower case")
          String inputDigest,
      @Nullable Json updatedInput,
      @Nullable @Size(max = 10_000, message = "must be at most 10000 characters") String reason,
      @Nullable RememberScope remember)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      if (remember != null && updatedInput != null)
        throw InvalidRequestException.body("/remember", "must not be given with another input");
      return new Input.Decide(actionId, decision, inputDigest, updatedInput, reason, remember);
    }
  }

  /** See {@link Input.Answer}. */
  record Answer(
      @NotNull(message = MUST_BE_GIVEN) ActionId actionId,
      @NotNull(message = MUST_BE_GIVEN) Json answers)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.Answer(actionId, answers);
    }
  }

  /** See {@link Input.AnswerElicitation}. */
  record AnswerElicitation(
      @NotNull(message = MUST_BE_GIVEN) ActionId actionId,
      @NotNull(message = MUST_BE_GIVEN) ElicitationEvent.Answer action,
      @Nullable Json content)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      if (content != null && content.text().length() > CONTENT_LENGTH_MAX)
        throw InvalidRequestException.body("/content", "must be at most 65536 characters");
      return new Input.AnswerElicitation(actionId, action, content);
    }
  }

  /** See {@link Input.AnswerTool}. */
  record AnswerTool(
      @NotNull(message = MUST_BE_GIVEN) ActionId actionId,
      boolean isError,
      @NotNull(message = MUST_BE_GIVEN) Json output)
      implements SessionInputRequest {
    @Override
    public Input toInput() {
      return new Input.AnswerTool(actionId, isError, output);
    }
  }
}
