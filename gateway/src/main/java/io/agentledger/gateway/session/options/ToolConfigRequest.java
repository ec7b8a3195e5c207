package io.agentledger.gateway.session.options;

import io.agentledger.api.session.AgentSetup.PreviewFormat;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/** Configuration of built-in tools, with the names of the Claude Agent SDK. */
record ToolConfigRequest(@Nullable @Valid AskUserQuestionRequest askUserQuestion) {
  /**
   * Configuration of AskUserQuestion.
   *
   * @param previewFormat format of previews of a question's options; none by default
   */
  record AskUserQuestionRequest(@Nullable PreviewFormat previewFormat) {}

  static PreviewFormat previewFormat(@Nullable ToolConfigRequest request) {
    var questions = request == null ? null : request.askUserQuestion();
    var format = questions == null ? null : questions.previewFormat();
    return format == null ? PreviewFormat.NONE : format;
  }
}
