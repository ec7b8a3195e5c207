package io.agentledger.gateway.session.input;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.stream.IntStream;

/** A batch of inputs, atomic and in order. */
public record SubmitInputsRequest(
    @NotNull(message = "is required") @Size(min = 1, max = 32, message = "must be 1 to 32 inputs")
        List<@NotNull(message = "must be an object") @Valid SessionInputRequest> inputs) {
  /** Returns the inputs before they are validated; none if the request has no list. */
  public InputBatch toBatch() {
    if (inputs == null) return new InputBatch(this, List.of(), List.of());
    var pointers = IntStream.range(0, inputs.size()).mapToObj(i -> "/inputs/" + i).toList();
    return new InputBatch(this, inputs, pointers);
  }
}
