package io.agentledger.gateway.session.options;

import io.agentledger.api.session.AgentSetup.PreviewFormat;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/** Configuration of built-in tools, with the names of the Claude Agent SDK. */
record ToolConfigRequest(@Nullable @Valid AskUserQuestionRequest askUserQuestion) {
  /**
   * @param previewFormat of what the options of a question may show; none if left out
   */
  record AskUserQuestionRequest(@Nullable PreviewFormat previewFormat) {}

  static PreviewFormat previewFormat(@Nullable ToolConfigRequest request) {
    var questions = request == null ? null : request.askUserQuestion();
    var format = questions == null ? null : questions.previewFormat();
    return format == null ? PreviewFormat.NONE : format;
  }
}
