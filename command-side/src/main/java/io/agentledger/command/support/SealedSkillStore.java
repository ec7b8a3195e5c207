package io.agentledger.command.support;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.SkillFolder;
import io.agentledger.api.agent.SkillStore;
import io.agentledger.store.crypto.SealedBlobStore;
import io.agentledger.store.support.UntrustedJson;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Store of skills in the content store: path -> content as JSON, sealed with the agent's key. */
public record SealedSkillStore(SealedBlobStore blobs) implements SkillStore {
  private static final String PURPOSE = "skill";
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  @Override
  public AgentSkill put(AgentId agent, SkillFolder folder, @Nullable AgentSkill current) {
    var content = JSON.writeValueAsBytes(folder.files());
    if (current != null && Arrays.equals(content, blobs.get(agent, PURPOSE, current.digest())))
      return current;
    return new AgentSkill(
        folder.name(),
        folder.description(),
        blobs.put(agent, PURPOSE, content).name(),
        folder.bytes(),
        List.copyOf(folder.files().keySet()));
  }

  @Override
  public void delete(String digest) {
    blobs.delete(digest);
  }

  @Override
  public SortedMap<String, byte[]> get(AgentId agent, String digest) {
    return JSON.readValue(
        blobs.get(agent, PURPOSE, digest), new TypeReference<TreeMap<String, byte[]>>() {});
  }
}
