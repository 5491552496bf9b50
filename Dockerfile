# The function's image, for the kind of machine that builds it: arm64 or x86_64.
#
#   docker build --provenance=false --tag authoriser .
#
# Lambda takes no index of images, hence no provenance. Bases are pinned by
# --build-arg LAMBDA_BASE=public.ecr.aws/lambda/java:25@sha256:DIGEST, and BUILD_BASE likewise.
ARG BUILD_BASE=docker.io/library/maven:3.9-eclipse-temurin-25
ARG LAMBDA_BASE=public.ecr.aws/lambda/java:25

FROM ${BUILD_BASE} AS build
WORKDIR /build
COPY pom.xml .
COPY src src
# A start-up archive serves the JVM that made it and no other, so none is made here.
RUN mvn --batch-mode --quiet -DskipTests -Dexec.skip package \
    && mvn --batch-mode --quiet dependency:copy-dependencies -DoutputDirectory=/training/lib \
        -DincludeGroupIds=com.fasterxml.jackson.core \
    && mv target/test-classes /training/classes \
    && cp --recursive --dereference "$JAVA_HOME" /training/jdk

# Makes the archive with the JVM of the image: the function decides about real requests, over TLS,
# called through the runtime client. The build ends here if the archive can't be loaded, doesn't fit
# the class path, or holds less than 95 % of the classes. The stand-ins run on a JDK of their own,
# since the image need not hold all that they use. The time limit allows for emulation.
FROM ${LAMBDA_BASE} AS training
COPY --from=build /build/target/lambda /var/task
COPY --from=build /training /training
RUN env --unset=LD_LIBRARY_PATH timeout 7200 \
        /training/jdk/bin/java -cp '/training/classes:/training/lib/*:/var/task/lib/*' \
        authoriser.training.Training /var/task /var/lang

FROM ${LAMBDA_BASE}
COPY --from=training /var/task /var/task
# Copying keeps modes, paths and times, which the archive depends on. To be sure, the JVM starts once as a user without
# rights, as on Lambda, and under orders to refuse an archive rather than do without; there being no Lambda, it gets no
# further.
USER 1051:1051
RUN cd /var/task && sha256sum --check --quiet authoriser.aot.inputs \
    && AWS_LAMBDA_RUNTIME_API=127.0.0.1:9 \
        JAVA_TOOL_OPTIONS='-XX:AOTMode=on -Xlog:aot,class+path -XX:-UsePerfData' \
        /var/task/bootstrap 2>&1 | grep --max-count=1 'Using AOT-linked classes: true'
USER root
ENTRYPOINT ["/var/task/bootstrap"]
CMD ["authoriser.AuthoriserHandler::handleRequest"]
