/** The live stream as a log that any number of followers read at their own pace. */
@NullMarked
package io.agentledger.gateway.session.stream;

import org.jspecify.annotations.NullMarked;
