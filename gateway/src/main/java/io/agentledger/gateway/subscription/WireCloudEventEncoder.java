package io.agentledger.gateway.subscription;

import io.agentledger.api.subscription.CloudEvent;
import io.agentledger.api.subscription.CloudEventEncoder;
import io.agentledger.gateway.support.json.WireJson;
import org.springframework.stereotype.Component;

/** Encodes events of deliveries as streams and responses do. */
@Component
record WireCloudEventEncoder(WireJson json) implements CloudEventEncoder {
  @Override
  public byte[] encode(CloudEvent event) {
    var object = json.toTree(event);
    for (var attribute : new String[] {"subject", "dataref", "data"})
      if (object.path(attribute).isNull()) object.remove(attribute);
    return json.toBytes(object);
  }
}
