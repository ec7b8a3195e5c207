package io.agentledger.gateway.session;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.stream.IntStream;

/** A batch of inputs, atomic and in order. */
record Inputs(
    @NotNull(message = "must be given") @Size(min = 1, max = 32, message = "must be 1 to 32 inputs")
        List<@NotNull(message = "must be an object") @Valid InputBody> inputs) {
  DirectoryDoor.Said said() {
    var pointers = IntStream.range(0, inputs.size()).mapToObj(i -> "/inputs/" + i).toList();
    return new DirectoryDoor.Said(inputs, pointers);
  }
}
