/**
 * Shapes of data that other programs read: a JSON Schema, and the type derived from it, so that a field is
 * written once. A meaning is the text for readers.
 */
import {
  Enum,
  Integer,
  Array as ListOf,
  Null,
  Number as Numeric,
  Object as ObjectOf,
  type Static,
  String as Text,
  type TObject,
  type TProperties,
  Boolean as Truth,
  type TSchema,
  Tuple,
  Union,
} from "typebox";

export { Literal as literal, Optional as optional } from "typebox";

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/** The type of data with this shape. */
export type Of<Shape extends TSchema> = Frozen<Static<Shape>>;

export type { TSchema as Shape } from "typebox";

const meant = (meaning: string | undefined) => (meaning === undefined ? {} : { description: meaning });

export const text = (meaning?: string) => Text(meant(meaning));
export const truth = (meaning?: string) => Truth(meant(meaning));
export const number = (meaning?: string) => Numeric(meant(meaning));
export const positive = (meaning?: string) => Numeric({ ...meant(meaning), minimum: 0 });
export const whole = (minimum: number, meaning?: string) => Integer({ ...meant(meaning), minimum });
export const count = (meaning?: string) => whole(0, meaning);

/** A value that may be `null`: not known, or it did not happen. */
export const nullable = <Inner extends TSchema>(shape: Inner, meaning?: string) =>
  Union([shape, Null()], meant(meaning));

/** Milliseconds. */
export const duration = (meaning?: string) => nullable(positive(), meaning);

export const oneOf = <const Value extends string>(values: readonly Value[], meaning?: string) =>
  Enum([...values] as Value[], meant(meaning));

export const list = <Inner extends TSchema>(shape: Inner, meaning?: string) => ListOf(shape, meant(meaning));
export const object = <Properties extends TProperties>(properties: Properties, meaning?: string) =>
  ObjectOf(properties, meant(meaning));
export const either = <Inner extends TSchema[]>(...shapes: [...Inner]) => Union(shapes);
export const interval = Tuple([Numeric(), Numeric()]);

/** The names of an object's parts, even if the object may be missing; none for anything else. */
export function partsOf(shape: TSchema): string[] {
  const { properties, anyOf = [] } = shape as { properties?: object; anyOf?: TSchema[] };
  return properties === undefined ? anyOf.flatMap(partsOf) : Object.keys(properties);
}

/**
 * A placeholder for each part of an object that nobody knows: `null` if that is allowed, 0 for counts, else
 * NaN.
 */
export function unknownParts<Properties extends TProperties>({
  properties,
}: TObject<Properties>): Of<TObject<Properties>> {
  const parts = Object.entries(properties).map(([name, shape]) => {
    const { anyOf = [], type } = shape as { anyOf?: { type?: string }[]; type?: string };
    if (anyOf.some((one) => one.type === "null")) return [name, null];
    return [name, type === "integer" ? 0 : Number.NaN];
  });
  return Object.fromEntries(parts);
}
